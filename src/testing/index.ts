export {
  applied,
  cancelled,
  event,
  type Expected,
  fired,
  given,
  markedApplied,
  rejected,
  type ToldEvent,
  withdrawalRefused,
  withdrawn,
} from "./process.ts";

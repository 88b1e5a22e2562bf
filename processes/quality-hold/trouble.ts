import { settled } from "./hold.ts";
import type { Handle } from "./state.ts";
import { aCase, inWords } from "./telling.ts";

/** A person gave a move of stock up: what the ERP has is no longer what the holds want. */
export const givenUp: Handle = ({ state }) =>
  settled(state, {
    cases: [
      aCase(
        "STOCK_NOT_MOVED",
        "quality",
        `stock of ${inWords(state)} was not moved in the ERP as its holds want: somebody gave the posting up`,
        "bring the stock's status in the ERP to what the holds say",
      ),
    ],
  });

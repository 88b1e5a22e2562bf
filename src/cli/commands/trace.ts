import type { StoryAnswer } from "../../api/trace/answer.ts";
import { defineCommand, type JsonOption, teach, withJson } from "../command.ts";
import { connectHub, type HubOptions, withHub } from "../hub-client.ts";
import { printJson } from "../output.ts";

export default defineCommand((program) => {
  const command = program
    .command("trace <id>")
    .summary("tell the story around any identifier")
    .description(
      "An object (salesOrder/SO-1001, or SO-1001 alone), an effect's reference, or an event's position or id. Shows what it was made for and what was made for it: events, effects, where each process stands, cases, and messages that wait.",
    )
    .action(async (id: string, options: HubOptions & JsonOption) => {
      const story = await connectHub(options).get<StoryAnswer>(`/v1/trace/${encodeURIComponent(id)}`);
      if (options.json) return printJson(story);
      const { printStory } = await import("../story.ts");
      printStory(story);
    });
  teach(withHub(withJson(command)), {
    examples: [
      ["trace SO-1001", "everything about the object with this number"],
      ["trace 0ABCDEF123456789 --json", "the story of an effect, for a program"],
    ],
    exit1: "nothing is known under this identifier, or the hub does not answer",
  });
});

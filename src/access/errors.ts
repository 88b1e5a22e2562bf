/** What access control refuses. */
export const ACCESS_ERRORS = {
  PERMISSION_MISSING:
    "The account may not do this. Ask an administrator for a role that may, or somebody who has one.",
  PLANT_DENIED:
    "What it is about lies outside of the account's plants. Ask somebody who acts for that plant.",
  TEAM_DENIED: "The case is another team's. Comment on it, or ask that team or IT.",
  ACTOR_DENIED:
    "A person acts in their own name only. Leave out the actor: the account that signed in is written down.",
} as const;

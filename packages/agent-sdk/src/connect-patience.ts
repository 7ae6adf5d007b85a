/**
 * For connections of Node's `net`, `http` and `https`. Where a name has several addresses, Node gives up each but the last one after
 * a quarter of a second, when it was not slow but far away: with an IPv6 address that leads nowhere behind it, nothing is
 * reached at all. A second is enough for the farthest, and what somebody waits whose first address leads nowhere.
 */
export const connectPatience = { autoSelectFamilyAttemptTimeout: 1_000 } as const;

/**
 * Where a name has several addresses, Node gives up each but the last one after a quarter of a second, when it was not slow
 * but far away: with an IPv6 address that leads nowhere behind it, nothing is reached at all. This leaves room for
 * another try of the system's after one second.
 */
export const connectPatience = { autoSelectFamilyAttemptTimeout: 2_500 } as const;

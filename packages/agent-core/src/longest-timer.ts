/** About 25 days, in milliseconds: on every JavaScript engine a timer that is set to more fires at once. */
export const longestTimer: number = 2 ** 31 - 1;

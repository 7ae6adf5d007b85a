/** Programs that open none of the files that they are given the names of. */
export const opensNothing: ReadonlySet<string> = new Set(
  "echo printf basename dirname ls stat du test [ realpath readlink true false : cd pushd export read tr seq expr".split(
    " ",
  ),
);

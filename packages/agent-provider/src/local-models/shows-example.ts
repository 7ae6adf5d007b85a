/** Whether the words before a code fence announce something to look at, not something that is done. */
export function showsExample(before: string): boolean {
  const paragraph =
    before
      .slice(-600)
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? "";
  return paragraph.endsWith("?") || announcement.test(paragraph);
}

const announcement =
  /\b(?:examples?|instance|e\.g|would|could|should|might|format|formatted|syntax|schema|template|sample|such as|looks? like|like this|instead|means?|explain\w*|shows?|demonstrat\w*|illustrat\w*|output|response|result)\b/i;

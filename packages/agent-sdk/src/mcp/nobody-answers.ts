import type { Elicit } from "@claw/agent-mcp";

/**
 * For sessions in which nobody can be asked. That questions may be asked is said to every server all the same: some
 * choose their tools by it, and what a model is shown should not depend on who looks on.
 */
export const nobodyAnswers: Elicit = () => Promise.resolve({ action: "cancel" });

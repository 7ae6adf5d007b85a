import { forEachChild, type Redirection, type SyntaxNode } from "unbash";

/** The texts that are given to a command to read, one after the other. */
export function inputOf(redirects: readonly Redirection[]): { readonly input?: string } {
  const texts = redirects.flatMap((redirect) => {
    if (redirect.type === "HereDoc") return [redirect.body.text];
    return redirect.type === "HereString" && redirect.target !== undefined ? [redirect.target.value] : [];
  });
  return texts.length === 0 ? {} : { input: texts.join("\n") };
}

/** Whether a text that a command reads holds more than what is written and what commands print. */
export function readsVariables(redirect: Redirection): boolean {
  if (redirect.type === "Redirect") return false;
  const parts = redirect.type === "HereDoc" ? redirect.body.parts : redirect.target?.parts;
  return (parts ?? []).some(holdsVariable);
}

function holdsVariable(node: SyntaxNode): boolean {
  if (node.type === "SimpleExpansion" || node.type === "ParameterExpansion") return true;
  if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution") return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= holdsVariable(child);
  });
  return found;
}

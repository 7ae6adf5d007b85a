/**
 * What the output of a failed command says about the sandbox, for the person and the model; `undefined` when it does
 * not point to it. A program words its failure as it likes: this is a hint, never a decision.
 */
export function explainFailure(output: string): string | undefined {
  const end = output.slice(-20_000);
  return signs.find(({ sign }) => sign.test(end))?.text;
}

const asks =
  "If it has to be done, say so: the command can be run outside of the sandbox when the person allows it.";

const signs: readonly { readonly sign: RegExp; readonly text: string }[] = [
  {
    sign: /^bwrap: |^unshare: |^sandbox-exec: /m,
    text: "The sandbox itself could not be set up, and the command was not run. `claw doctor` says what is missing.",
  },
  {
    sign: /could not (?:lock|write) config file|\.git\/(?:hooks|config)\b.*(?:Read-only|busy|denied|not permitted)/i,
    text: `Sandbox: hooks and settings of git cannot be changed here. ${asks}`,
  },
  {
    sign: /Read-only file system|\bEROFS\b/i,
    text: `Sandbox: only the workspace and the temporary folder can be written, and not the files in them that decide what runs later (.git/hooks, .mcp.json, .vscode, …). ${asks}`,
  },
  {
    sign: /Network is unreachable|\bENETUNREACH\b|Could not resolve host|Temporary failure in name resolution|\bEAI_AGAIN\b|Name or service not known/i,
    text: `Sandbox: there is no network here. ${asks}`,
  },
  {
    sign: /Device or resource busy|\bEBUSY\b/i,
    text: `Sandbox: a guarded file or folder (.git, .mcp.json, …) cannot be moved or removed here. ${asks}`,
  },
  {
    sign: /(?:Cannot connect to the Docker daemon|connect: operation not permitted|socket.*Operation not permitted|\bEPERM\b.*\.sock)/i,
    text: `Sandbox: sockets of other programs on this computer cannot be reached here. ${asks}`,
  },
  {
    sign: /Operation not permitted.*(?:ptrace|unshare|mount)|(?:ptrace|unshare|mount).*Operation not permitted/i,
    text: `Sandbox: other processes cannot be traced, and nothing can be mounted here. ${asks}`,
  },
];

// One question, one answer. The stub needs no key; leave `provider` out to use a model.
import { query } from "@claw/agent-sdk";

const { text, end } = await query({ provider: "stub", prompt: "list files in the current directory" }).result;
console.log(end.reason);
console.log(text);

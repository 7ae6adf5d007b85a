import {
  type Answer,
  answerQuestions,
  deferQuestions,
  FaultError,
  type PermissionRequest,
  pendingQuestions,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { AnswerAction } from "../flags/answer-action.ts";
import type { Flags } from "../flags/flags.ts";
import { runQuery } from "../headless/run-query.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { permissionLines } from "../people/permission-lines.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { paintLine } from "../terminal/line.ts";
import { createPaint } from "../terminal/paint.ts";

/**
 * `claw answer`: shows what a session waits for, or answers one question and goes on with the run. Questions that are
 * not answered, and new ones, are put off again. Rejects with a `FaultError` `usage` when there is no such question.
 */
export async function runAnswer(action: AnswerAction, flags: Flags, io: Io): Promise<number> {
  const pending = await pendingQuestions(await agentOptions(flags, io), action.session);
  if (action.verdict === undefined) return show(pending, action, flags, io);
  const question = chosen(pending, action);
  const answer: Answer =
    action.verdict.type === "allow" ? { type: "allow" } : { ...action.verdict, by: "user" };
  return runQuery({ ...flags, print: true, resume: { type: "id", id: action.session } }, io, {
    ask: answerQuestions([{ to: question, answer }], deferQuestions),
    check: ({ pendingPermissions }) => refuseAnswered(question, pendingPermissions, action),
  });
}

/** Somebody else may have answered since the question was looked at: only one answer counts. */
function refuseAnswered(
  { call }: PermissionRequest,
  pending: readonly PermissionRequest[],
  { session }: AnswerAction,
): void {
  if (pending.some((each) => each.call === call)) return;
  throw new FaultError({
    code: "usage",
    message: `Session ${session} does not wait for the call "${call}" any more: this answer came too late.`,
    hint: `claw sessions show ${session} tells what became of it.`,
  });
}

function chosen(pending: readonly PermissionRequest[], { session, call }: AnswerAction): PermissionRequest {
  const [only, another] = pending;
  const found = call === undefined ? only : pending.find((each) => each.call === call);
  const calls = pending.map((each) => each.call).join(", ");
  if (only === undefined) {
    throw new FaultError({ code: "usage", message: `Session ${session} waits for no permission.` });
  }
  if (found === undefined) {
    throw new FaultError({
      code: "usage",
      message: `Session ${session} does not wait for the call "${call}".`,
      hint: `It waits for: ${calls}.`,
    });
  }
  if (call === undefined && another !== undefined) {
    throw new FaultError({
      code: "usage",
      message: `Session ${session} waits for ${pending.length} calls: say which one is meant.`,
      hint: `They are: ${calls}.`,
    });
  }
  return found;
}

async function show(
  pending: readonly PermissionRequest[],
  { session, call }: AnswerAction,
  flags: Flags,
  io: Io,
): Promise<number> {
  const writer = createStreamWriter(io.stdout, () => undefined);
  const paint = createPaint(io.stdout, io.env);
  const wanted = pending.filter((each) => call === undefined || each.call === call);
  if (wanted.length === 0) io.stderr.write(`Session ${session} waits for no permission.\n`);
  for (const question of wanted) {
    const text =
      flags.outputFormat === "text"
        ? [...permissionLines(question), [{ text: `  call ${question.call}`, styles: ["dim" as const] }]]
            .map((line) => `${paintLine(line, paint)}\n`)
            .join("")
        : jsonLine(question);
    await writer.write(text);
  }
  await writer.flush();
  return 0;
}

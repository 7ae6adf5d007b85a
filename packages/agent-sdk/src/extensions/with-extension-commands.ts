import { text } from "@claw/agent-core";
import type { AgentCommand } from "./agent-command.ts";
import type { CommandCall, SessionExtensions } from "./session-extensions.ts";
import type { NamedCommand } from "./with-extensions.ts";

/** The commands of a session, with those of code before those of files. */
export function withExtensionCommands(
  session: SessionExtensions,
  commands: readonly NamedCommand[],
): SessionExtensions {
  if (commands.length === 0) return session;
  const mine = new WeakSet<CommandCall>();
  const named = (name: string): NamedCommand | undefined => commands.find((each) => each.name === name);
  return {
    ...session,
    commands: () => [...commands.map(faceOf), ...session.commands()],
    findCommand: async (name) => {
      const own = named(name);
      return own === undefined ? session.findCommand(name) : faceOf(own);
    },
    callOf: (name, args) => {
      const own = named(name);
      if (own === undefined) return session.callOf(name, args);
      const call: CommandCall = {
        say: async (_invoke, signal) => ({
          role: "user",
          origin: "skill",
          content: [text(await own.expand(args.trim(), signal))],
        }),
      };
      mine.add(call);
      return call;
    },
    opening: (call) => {
      if (call === undefined || !mine.has(call)) return session.opening(call);
      const others = session.opening();
      return async (context, signal) => ({
        ...(await others(context, signal)),
        after: [await call.say(context.invoke, signal)],
      });
    },
  };
}

function faceOf({ name, description, extension }: NamedCommand): AgentCommand {
  return { kind: "extension", name, description, extension };
}

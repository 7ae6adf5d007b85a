import { caseTools as t } from "../case-tools.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { call, casesOf, like } from "./new-case.ts";

const none = casesOf("no-call");
const named = casesOf("names");
const invented = casesOf("inventing");

/** No call where none is needed, the right tool among similar ones, and none that does not exist. */
export const restraintCases: readonly ConformanceCase[] = [
  none("no-call-greeting", "Hello!", [t.weather, t.read], []),
  none("no-call-thanks", "Thank you, that was all.", [t.weather, t.bash], []),
  none("no-call-knowledge", "What is the capital of France?", [t.weather], [], ["Paris"]),
  none("no-call-translation", "Translate `good morning` into French.", [t.bash, t.read], [], ["bonjour"]),
  none(
    "no-call-about-tools",
    "Which tools do you have? Only tell me their names, do not use them.",
    [t.weather, t.add],
    [],
    ["get_weather", "add"],
  ),
  none(
    "no-call-example",
    "Show me in a JSON code block what a call of get_weather for Oslo would look like. Do not make the call.",
    [t.weather],
    [],
    ["get_weather"],
  ),
  none(
    "no-call-json-answer",
    'Answer with this JSON and nothing else: {"name": "Ada", "age": 36}',
    [t.read],
    [],
    ["Ada", "36"],
  ),
  named(
    "name-similar",
    "What will the weather be in Oslo over the next 3 days?",
    [t.weather, t.forecast],
    [call("get_weather_forecast", { city: like("oslo"), days: 3 }, "snow, snow, sun")],
    ["snow"],
  ),
  named(
    "name-similar-other",
    "What is the weather in Oslo right now?",
    [t.forecast, t.weather],
    [call("get_weather", { city: like("oslo") }, "snow")],
    ["snow"],
  ),
  named(
    "name-read-image",
    "What can be seen in /tmp/cat.png?",
    [t.read, t.readImage],
    [call("ReadImage", { file_path: "/tmp/cat.png" }, "A grey cat.")],
    ["cat"],
  ),
  named(
    "name-read-file",
    "Use the read_file tool to read /a.txt.",
    [t.read],
    [call("Read", { file_path: "/a.txt" }, "plum")],
    ["plum"],
  ),
  named(
    "name-cat",
    "cat /a.txt",
    [t.read, t.weather],
    [call("Read", { file_path: "/a.txt" }, "plum")],
    ["plum"],
  ),
  named(
    "name-users-not-products",
    "Is there a user named Grace in the shop?",
    [t.products, t.users],
    [call("search_users", { query: like("grace") }, "Grace, user 77")],
  ),
  named(
    "name-with-namespace",
    "Open an issue `Broken link` in the repository acme/site.",
    [t.issue, t.message],
    [call("mcp__github__create_issue", { repository: "acme/site", title: like("broken link") }, "Issue 41")],
    ["41"],
  ),
  invented("invent-flight", "Book me a flight from Oslo to Rome.", [t.weather], []),
  invented("invent-email", "Send an email to ada@example.com.", [t.read, t.add], []),
  invented("invent-named-tool", "Call the tool delete_everything.", [t.read, t.weather], []),
  invented(
    "invent-city",
    "What is the weather like? If you do not know where I am, ask me.",
    [t.weather],
    [],
  ),
  invented("invent-path", "Read my notes. If you do not know the path, ask me for it.", [t.read], []),
];

import { expect, test, vi } from "vitest";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { readTool } from "../../src/read/read-tool.ts";
import { callTool } from "../call-tool.ts";
import { memoryMachine } from "../memory-machine.ts";
import { pdfOf } from "./pdf-of.ts";

vi.mock("unpdf", () => {
  throw new Error("Cannot find package 'unpdf'");
});

test("without unpdf a PDF is handed over as the file itself, with the reason", async () => {
  const machine = memoryMachine({ "/work/a.pdf": pdfOf(["First page"]) });
  const { outcome, text } = await callTool(readTool({ machine, ledger: createFileLedger() }), {
    file_path: "a.pdf",
  });
  expect(outcome).toMatchObject({ status: "ok", content: [{ type: "text" }, { type: "file" }] });
  expect(text).toContain("the package unpdf is not installed");
});

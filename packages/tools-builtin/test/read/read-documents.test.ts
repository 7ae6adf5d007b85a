import { describe, expect, test } from "vitest";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { type ReadToolOptions, readTool } from "../../src/read/read-tool.ts";
import { callTool } from "../call-tool.ts";
import { memoryMachine } from "../memory-machine.ts";
import { pdfOf } from "./pdf-of.ts";

async function read(
  content: string | Uint8Array,
  name: string,
  input: object = {},
  options: Partial<ReadToolOptions> = {},
) {
  const machine = memoryMachine({ [`/work/${name}`]: content });
  const tool = readTool({ machine, ledger: createFileLedger(), ...options });
  return await callTool(tool, { file_path: name, ...input });
}

describe("Read shows a PDF", () => {
  test("as the text of its pages", async () => {
    const { text, outcome } = await read(pdfOf(["First page", "Second page"]), "a.pdf");
    expect(outcome).toMatchObject({ status: "ok", content: [{ type: "text" }], details: { pages: 2 } });
    expect(text).toBe("[Page 1 of 2]\nFirst page\n\n[Page 2 of 2]\nSecond page");
  });

  test("page by page where offset and limit say so", async () => {
    const pdf = pdfOf(["One", "Two", "Three"]);
    const { text } = await read(pdf, "a.pdf", { offset: 2, limit: 1 });
    expect(text).toContain("[Page 2 of 3]\nTwo");
    expect(text).not.toContain("Three");
    expect(text).toContain("read it with offset 3");
    expect((await read(pdf, "a.pdf", { offset: 9 })).text).toBe(
      "Offset 9 is past the end: /work/a.pdf has 3 pages.",
    );
  });

  test("as the file itself for models that take documents", async () => {
    const pdf = pdfOf(["First page"]);
    const { outcome } = await read(pdf, "a.pdf", {}, { pdf: "file" });
    expect(outcome).toMatchObject({
      status: "ok",
      content: [
        { type: "text" },
        {
          type: "file",
          mediaType: "application/pdf",
          name: "a.pdf",
          data: Buffer.from(pdf).toString("base64"),
        },
      ],
    });
  });

  test("as the file itself when its pages have no text, or cannot be read", async () => {
    expect((await read(pdfOf([""]), "a.pdf")).outcome).toMatchObject({
      status: "ok",
      content: [{ text: expect.stringContaining("no text") }, { type: "file" }],
    });
    expect((await read("%PDF-1.4 and nothing more", "a.pdf")).outcome).toMatchObject({
      status: "ok",
      content: [{ text: expect.stringContaining("cannot be taken out") }, { type: "file" }],
    });
  });

  test("not at all when it is too large to attach and has no text", async () => {
    const broken = new Uint8Array(5_000_001);
    broken.set(Buffer.from("%PDF-1.4"));
    const { outcome, text } = await read(broken, "a.pdf");
    expect(outcome.status).toBe("failed");
    expect(text).toContain("too large to attach");
    const huge = new Uint8Array(32_000_001);
    huge.set(Buffer.from("%PDF-1.4"));
    expect((await read(huge, "a.pdf")).text).toContain("at most 32 MB can be read");
  });
});

describe("Read shows a notebook", () => {
  const notebook = {
    cells: [
      { cell_type: "markdown", source: ["# Title\n", "words"] },
      {
        cell_type: "code",
        source: "print(1)",
        outputs: [
          { output_type: "stream", name: "stdout", text: ["1\n"] },
          { output_type: "execute_result", data: { "text/plain": ["42"] } },
          {
            output_type: "display_data",
            data: { "image/png": "iVBORw0K\nGgo=\n", "text/plain": "<Figure>" },
          },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mE\u001b[0m: v"] },
        ],
      },
    ],
    nbformat: 4,
  };

  test("as its cells with their outputs", async () => {
    const { text, outcome } = await read(JSON.stringify(notebook), "a.ipynb");
    expect(text).toContain("[Cell 1: markdown]\n# Title\nwords\n");
    expect(text).toContain("[Cell 2: code]\nprint(1)\n[Output of cell 2]\n1\n\n[Output of cell 2]\n42\n");
    expect(text).toContain("[Output of cell 2]\nE: v\n");
    expect(text).not.toContain("<Figure>");
    expect(outcome.status === "ok" ? outcome.content : []).toContainEqual({
      type: "image",
      mediaType: "image/png",
      data: "iVBORw0KGgo=",
    });
  });

  test("as raw lines, which Edit works on, where offset or limit is given", async () => {
    const { text } = await read(JSON.stringify(notebook, null, 1), "a.ipynb", { limit: 2 });
    expect(text).toContain('     1\t{\n     2\t "cells": [');
  });

  test("as raw lines where it is not one", async () => {
    expect((await read("not JSON", "a.ipynb")).text).toBe("     1\tnot JSON");
    expect((await read('{"cells": 3}', "a.ipynb")).text).toBe('     1\t{"cells": 3}');
  });

  test("without what would be too much", async () => {
    const output = { output_type: "stream", text: "漢".repeat(50_000) };
    const image = {
      output_type: "display_data",
      data: { "image/png": `iVBORw0KGgo${"A".repeat(3_000_000)}` },
    };
    const pictures = { cell_type: "code", source: "y", outputs: [image, image] };
    const words = Array.from({ length: 19 }, () => ({ cell_type: "code", source: "z", outputs: [output] }));
    const { text, outcome } = await read(JSON.stringify({ cells: [pictures, ...words] }), "a.ipynb");
    expect(text).toContain("[output cut: 50000 characters in all]");
    expect(text).toContain("[image left out: too large]");
    expect(text).toMatch(/\[Cut in cell \d+ of 20\./);
    expect(text).not.toContain("cut here from");
    expect(outcome.content.filter((part) => part.type === "image")).toHaveLength(1);
  });

  test.each([
    [
      "a picture that is none",
      {
        cells: [
          {
            cell_type: "code",
            source: "z",
            outputs: [{ data: { "image/png": "AAAA", "text/plain": "words" } }],
          },
        ],
      },
      "words",
    ],
    ["no cells", { cells: [] }, "[The notebook has no cells.]"],
    ["cells that are none", { cells: [null, 3, { source: [1] }] }, "[Cell 3: unknown]"],
    [
      "outputs that are none",
      { cells: [{ cell_type: "code", source: "z", outputs: [null, { data: [] }, 7] }] },
      "z",
    ],
  ])("with %s", async (_, json, shown) => {
    expect((await read(JSON.stringify(json), "a.ipynb")).text).toContain(shown);
  });
});

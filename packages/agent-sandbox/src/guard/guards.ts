/** What a sandbox does about the tree that a command works in. Paths are absolute. */
export interface Guards {
  /** There, and to stay as they are. */
  readonly readOnly: readonly string[];
  /** To be written in, but not to be moved aside: what is guarded inside would go with them. Outer before inner. */
  readonly pinned: readonly string[];
  /** Not there, and not to be created. */
  readonly missing: readonly Missing[];
  /** Not there; no place can be held for them without breaking something. Removed when a command made them. */
  readonly unheld: readonly string[];
}

export interface Missing {
  readonly path: string;
  /** What holds its place meanwhile. */
  readonly as: "folder" | "file";
}

/** Guards, and what else was seen, to be compared with a later look. */
export interface Survey extends Guards {
  /** Protected paths, with what tells one from its replacement. */
  readonly found: ReadonlyMap<string, string>;
  /** Links, with what they say. */
  readonly links: ReadonlyMap<string, string>;
  /** The tree was too large to be seen whole. */
  readonly cut: boolean;
}

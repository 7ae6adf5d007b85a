/** One thing that is wrong with a request, in the vendor's words. */
export interface Finding {
  readonly message: string;
  /** The field at fault, for vendors that name it apart from the message. */
  readonly place?: string;
  readonly code?: string;
  /** Default 400. */
  readonly status?: number;
}

export type Report = (finding: Finding) => void;

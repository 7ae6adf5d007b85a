/** One step of the model's plan. A type, so that it is JSON. */
export type Todo = {
  /** What is to be done, such as "Run the tests". */
  readonly content: string;
  readonly status: "pending" | "in_progress" | "completed";
  /** What is shown while it is in progress, such as "Running the tests". */
  readonly activeForm?: string;
};

/** The plan of one session: TodoWrite replaces it, the host shows it. */
export interface TodoList {
  readonly current: () => readonly Todo[];
  readonly replace: (todos: readonly Todo[]) => void;
}

/** A list that is empty, or as a session left it. */
export function createTodoList(initial: readonly Todo[] = []): TodoList {
  let todos = initial;
  return {
    current: () => todos,
    replace: (next) => {
      todos = next;
    },
  };
}

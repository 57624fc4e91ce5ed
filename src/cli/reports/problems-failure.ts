// Problems of command line and settings as one failure. Unlike the core's rule, several problems of one kind keep their code,
// so that a settings file with two mistakes is still exit 3 and two unknown options still say `usage`.

import { type Problem, problemsError, ToolError } from "../../core/tool-error.ts";

/** A mistake in a file of the user's is of no use without the file and its line, which are the problem's field. */
export function withPlace(problem: Problem): Problem {
  const { code, field, message } = problem;
  return code !== "config-invalid" || message.includes(field)
    ? problem
    : { ...problem, message: `${field}: ${message}` };
}

export function problemsFailure(found: readonly [Problem, ...Problem[]]): ToolError {
  const problems = [withPlace(found[0]), ...found.slice(1).map(withPlace)] as const;
  const [first, ...rest] = problems;
  if (rest.length === 0 || rest.some(({ code }) => code !== first.code)) return problemsError(problems);
  return new ToolError(first.code, { message: `${problems.length} things need correcting.`, problems });
}

/** Throws all of them, where there are any. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (first) throw problemsFailure([first, ...rest]);
}

/** A settings file that cannot be read is told of by everybody who reads it. */
export function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values()];
}

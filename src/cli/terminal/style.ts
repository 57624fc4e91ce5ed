// Style: what the terminal at the other end can show. Colours, line drawing and emoji, and redrawing in place.

import pc from "picocolors";

export interface Style {
  /** Lines may be redrawn in place. */
  readonly live: boolean;
  /** Line drawing and emoji may be used; false for LANG=C. */
  readonly unicode: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
}

export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** NO_COLOR, TERM=dumb and the locale are respected; without a terminal there is no control code at all. */
export function chooseStyle({ isTerminal, environment }: TerminalFacts): Style {
  const capable = isTerminal && environment["TERM"] !== "dumb";
  // The first of these that is set decides, as POSIX says. None set says nothing about the terminal.
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return {
    live: capable,
    unicode: locale === "" || /utf-?8/i.test(locale),
    colors: pc.createColors(capable && !environment["NO_COLOR"]),
  };
}

/** Pieces of SQL that the definitions are built from. None of them can fail, whatever a column holds. */

/** SQLite's clock in the daemon's UTC form. */
export const CLOCK = "(strftime('%Y-%m-%d %H:%M:%f', 'now') || ' +0000 UTC')";

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The word in a column where the vocabulary has it, `other` where not, '' where there is none. */
export function word(column: string, words: readonly string[]): string {
  return `CASE WHEN ${column} IN ('', ${words.map(quote).join(', ')}) THEN ${column} ELSE 'other' END`;
}

/** A truth value as JSON. */
export function truth(condition: string): string {
  return `json(CASE WHEN ${condition} THEN 'true' ELSE 'false' END)`;
}

/**
 * A time of the daemon, in any of the forms that it writes, in its UTC form: `2026-06-18 12:34:56.789012345 +0000 UTC`. The
 * fraction is kept to the last digit, the zone is applied, its name and what follows it are left out. NULL for what is no time.
 */
export function utc(column: string): string {
  const rest = `substr(${column}, 20)`;
  const end = `instr(${rest} || ' ', ' ')`;
  const fraction = `rtrim(substr(${rest}, 1, ${end} - 1), 'Z')`;
  const offset = `substr(${rest}, ${end} + 1, 5)`;
  const zone = `CASE WHEN ${offset} GLOB '[-+][0-9][0-9][0-9][0-9]' THEN substr(${offset}, 1, 3) || ':' || substr(${offset}, 4) ELSE '' END`;
  const digits = `CASE WHEN ${fraction} GLOB '.[0-9]*' AND ${fraction} NOT GLOB '.*[^0-9]*' THEN substr(${fraction}, 1, 10) ELSE '' END`;
  return `CASE WHEN typeof(${column}) = 'text'
    THEN datetime(substr(${column}, 1, 19) || ${zone}) || ${digits} || ' +0000 UTC' END`;
}

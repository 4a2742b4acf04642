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
  return `(SELECT datetime(head || CASE WHEN shift GLOB '[-+][0-9][0-9][0-9][0-9]' THEN substr(shift, 1, 3) || ':' || substr(shift, 4) ELSE '' END)
      || CASE WHEN fraction GLOB '.[0-9]*' AND fraction NOT GLOB '.*[^0-9]*' THEN substr(fraction, 1, 10) ELSE '' END || ' +0000 UTC'
    FROM (SELECT head, substr(rest, 1, length(rest) - length(zone)) AS fraction, substr(replace(ltrim(zone), ':', ''), 1, 5) AS shift
      FROM (SELECT head, rest, ltrim(rest, '.0123456789') AS zone
        FROM (SELECT substr(${column}, 1, 19) AS head, substr(${column}, 20) AS rest
          WHERE typeof(${column}) = 'text' AND ${column} GLOB ${quote(DATE_AND_TIME)} ${ONCE}) ${ONCE}) ${ONCE}))`;
}

/** SQLite would also take half a time, or the word for now. */
const DATE_AND_TIME = '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*';

/**
 * Ends a subquery of one row. Without it SQLite copies the expressions of the subquery to every place that names them, and a
 * statement of the daemon that carries triggers takes several times as long to compile, and longer to enter them.
 */
export const ONCE = 'LIMIT 1';

import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { refused } from './refused.ts';

/** Longer addresses and questions than any that can be asked for a reason. */
const LONGEST_URL = 8_192;

/** The page loads what is its own, and nothing else; nobody may frame it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/**
 * Lets through what this machine's user asks of this server, and nothing else: no name that somebody's DNS points here, no page
 * of another origin, no method that could change anything.
 *
 * @param port on which the server listens; asked for with each request
 */
export function guard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const { method, url } = context.req;
    if (method !== 'GET') {
      context.header('Allow', 'GET');
      return context.json(refused('method_not_allowed', 'Nothing can be changed here.', 'GET', method), 405);
    }
    if (url.length > LONGEST_URL) {
      const found = `${url.length} characters`;
      return context.json(
        refused('url_too_long', 'This is too long a question.', `${LONGEST_URL} at most`, found),
        414,
      );
    }
    const host = context.req.header('Host') ?? '';
    const own = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    if (!own.includes(host)) {
      return context.json(refused('host_unknown', 'This server has no such name.', own.join(' or '), host), 421);
    }
    if (isFromElsewhere(context.req.header('Origin'), context.req.header('Sec-Fetch-Site'), host)) {
      const found = context.req.header('Origin') ?? 'another site';
      return context.json(refused('cross_origin', 'Pages of others may not ask here.', `http://${host}`, found), 403);
    }
    return next();
  };
}

function isFromElsewhere(origin: string | undefined, site: string | undefined, host: string): boolean {
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Asks for the token that the printed address carries: others who use the machine do not have it. */
export function tokenNeeded(token: string): MiddlewareHandler {
  const expected = Buffer.from(`Bearer ${token}`);
  return async (context, next) => {
    const given = Buffer.from(context.req.header('Authorization') ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    context.header('WWW-Authenticate', 'Bearer');
    const found = given.length === 0 ? 'none' : 'another one';
    return context.json(
      refused('token_needed', 'This needs the token of this server.', 'Authorization: Bearer TOKEN', found),
      401,
    );
  };
}

import type { Parsed } from './config.ts';

/**
 * The REST base, without version and without a slash at the end. What is neither https nor on this
 * machine is refused: whoever stands there receives the token.
 */
export function parseApiUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return { problem: 'That is no address.' };
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    return { problem: 'The token would be sent there unprotected.' };
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return { problem: 'It must not hold a user, a question mark or a #.' };
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v10$/, '');
  if (/\/v\d+$/.test(path)) return { problem: 'wherefrom speaks version 10.' };
  return { value: `${url.origin}${path}` };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

import type { HttpRequest, HttpResponse, Transport } from "./transport";

/** How a transport gets a fresh access token when the old one has run out. */
export interface Renewal {
  /** The access token to send now; null when signed out. */
  accessToken: () => string | null;
  /** Changes the refresh token for new ones and stores them; false when the session is over. */
  renew: () => Promise<boolean>;
  /** Paths that are sent as they are: signing in and renewing itself. */
  isPublic: (url: string) => boolean;
}

/**
 * Adds the access token, and after a 401 renews once and sends again.
 * However many requests meet the 401 together, one renewal runs: a refresh token used twice ends every session.
 */
export function renewing(transport: Transport, renewal: Renewal): Transport {
  let running: Promise<boolean> | null = null;

  function renewOnce(): Promise<boolean> {
    running ??= renewal.renew().finally(() => {
      running = null;
    });
    return running;
  }

  return async (request) => {
    if (renewal.isPublic(request.url)) return transport(request);
    if (running) await running.catch(() => false);
    const sent = renewal.accessToken();
    const answer = await transport(authorised(request, sent));
    if (answer.status !== 401 || sent === null) return answer;
    if (renewal.accessToken() !== sent) return again(answer);
    return (await renewOnce()) ? again(answer) : answer;

    function again(first: HttpResponse): Promise<HttpResponse> | HttpResponse {
      const token = renewal.accessToken();
      return token === null ? first : transport(authorised(request, token));
    }
  };
}

function authorised(request: HttpRequest, token: string | null): HttpRequest {
  if (token === null) return request;
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
}

import http from 'node:http';
import https from 'node:https';

const ANSWER_WITHIN_MS = 10_000;

export interface WebhookAnswer {
  /** Null when nothing was answered. */
  status: number | null;
  note: string;
}

/** Posts one signed payload and reports what came back; never rejects. */
export function postWebhook(
  url: string,
  payload: string,
  signature: string,
  agents: { http: http.Agent; https: https.Agent },
): Promise<WebhookAnswer> {
  return new Promise((resolve) => {
    const secure = url.startsWith('https:');
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent: secure ? agents.https : agents.http,
      timeout: ANSWER_WITHIN_MS,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(payload),
        'stripe-signature': signature,
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
    });
    request.on('response', (response) => {
      let words = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (words.length < 200) words += chunk;
      });
      response.on('close', () => resolve({ status: response.statusCode ?? null, note: words.slice(0, 200) }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', (error) => resolve({ status: null, note: error.message }));
    request.end(payload);
  });
}

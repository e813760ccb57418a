/** What leaves the client: one HTTP request in plain words, so that fetch, uni.request and tests can all carry it. */
export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** JSON text; absent for requests without a body and for uploads. */
  body?: string;
  /** Raw bytes in place of a body: a piece of a file. */
  bytes?: ArrayBuffer;
  /** A multipart upload; the transport sets the content type itself. */
  upload?: Upload;
}

/** A file to send: a Blob in browsers, a temporary file path in mini programs. */
export interface Upload {
  file: Blob | string;
  fileName: string;
  /** Name of the multipart part; the API calls it `file`. */
  partName: string;
  fields: Record<string, string>;
}

/** What comes back, whatever the status. */
export interface HttpResponse {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** Carries a request; rejects only when no answer came at all. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** How long a browser waits for an answer, milliseconds. */
const PATIENCE_MS = 20_000;

/** The browser's transport. */
export const fetchTransport: Transport = async (request) => {
  const answer = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.upload ? multipart(request.upload) : (request.bytes ?? request.body),
    signal: AbortSignal.timeout(PATIENCE_MS),
    credentials: "same-origin",
  });
  return { status: answer.status, body: await answer.text(), headers: Object.fromEntries(answer.headers) };
};

function multipart(upload: Upload): FormData {
  if (typeof upload.file === "string") throw new TypeError("A browser uploads a Blob, not a file path.");
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  form.append(upload.partName, upload.file, upload.fileName);
  return form;
}

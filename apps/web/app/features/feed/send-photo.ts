import type { PhotoView } from '@liventix/contracts/feed';
import { UPLOAD_BYTES_MAX } from '@liventix/contracts/uploads';
import { shrinkPicture } from '~/platform/shrink-picture.ts';

export type PhotoProblem = 'too_large' | 'refused' | 'offline' | 'signed_out' | 'busy';

export class PhotoError extends Error {
  constructor(
    readonly problem: PhotoProblem,
    /** The server's own sentence, where it knows more than the kind of problem. */
    readonly words: string | null = null,
  ) {
    super(problem);
    this.name = 'PhotoError';
  }
}

const PROBLEMS: Record<number, PhotoProblem> = {
  400: 'refused',
  401: 'signed_out',
  409: 'refused',
  413: 'too_large',
  429: 'busy',
};

/** Sends one photo, as large as we keep it; `onProgress` hears shares from 0 to 1. Only XMLHttpRequest says how far an upload is. */
export async function sendPhoto(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<PhotoView> {
  const picture = await shrinkPicture(file, 'photo');
  if (picture.size > UPLOAD_BYTES_MAX) throw new PhotoError('too_large');
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/uploads/photos');
    request.setRequestHeader('content-type', picture.type || 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 201) resolve(request.response as PhotoView);
      else reject(readProblem(request.status, request.response));
    };
    request.onerror = () => reject(new PhotoError('offline'));
    signal.addEventListener('abort', () => request.abort());
    if (!signal.aborted) request.send(picture);
  });
}

/** What went wrong with an upload, from its answer. */
export function readProblem(status: number, body: unknown): PhotoError {
  const problem = PROBLEMS[status] ?? 'busy';
  const { words } = (body ?? {}) as { words?: unknown };
  const told = typeof words === 'string' && status in PROBLEMS && problem !== 'signed_out';
  return new PhotoError(problem, told ? words : null);
}

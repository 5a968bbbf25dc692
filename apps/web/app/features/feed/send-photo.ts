import type { PhotoView } from '@liventix/contracts/feed';
import { UPLOAD_BYTES_MAX } from '@liventix/contracts/uploads';

export type PhotoProblem = 'too_large' | 'refused' | 'offline' | 'signed_out' | 'busy';

export class PhotoError extends Error {
  constructor(readonly problem: PhotoProblem) {
    super(problem);
    this.name = 'PhotoError';
  }
}

const PROBLEMS: Record<number, PhotoProblem> = { 400: 'refused', 401: 'signed_out', 413: 'too_large', 429: 'busy' };

/** Sends one photo as it is; `onProgress` hears shares from 0 to 1. Only XMLHttpRequest says how far an upload is. */
export function sendPhoto(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<PhotoView> {
  return new Promise((resolve, reject) => {
    if (file.size > UPLOAD_BYTES_MAX) {
      reject(new PhotoError('too_large'));
      return;
    }
    const request = new XMLHttpRequest();
    request.open('POST', '/uploads/photos');
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 201) resolve(request.response as PhotoView);
      else reject(new PhotoError(PROBLEMS[request.status] ?? 'busy'));
    };
    request.onerror = () => reject(new PhotoError('offline'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

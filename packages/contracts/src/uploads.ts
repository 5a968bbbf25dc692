/** What a picture may be, said once for the browser that shrinks it and the server that takes it. */

export const UPLOAD_BYTES_MAX = 15_000_000;

/** Longer sides are scaled down, in the browser before sending if it can, on the server anyway. */
export const UPLOAD_SIDE_MAX = 2000;

/** All that an account may keep with us, after scaling. */
export const UPLOAD_QUOTA_BYTES = 200_000_000;

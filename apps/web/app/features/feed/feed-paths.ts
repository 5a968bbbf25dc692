/** Addresses of the feed's own pages. */
export const feedPaths = {
  event: (slug: string, cursor?: string) => `/e/${slug}/feed${cursor ? `?cursor=${cursor}` : ''}`,
  home: (cursor?: string) => `/feed${cursor ? `?cursor=${cursor}` : ''}`,
  post: (postId: string) => `/p/${postId}`,
} as const;

/** Crops of an event's motif can be asked for in the shape they are shown in; photos come as they are. */
export const photoSource = (url: string, square: boolean): string =>
  square && url.startsWith('/media/motif/') ? `${url}?shape=square` : url;

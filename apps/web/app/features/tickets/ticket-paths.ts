/** Addresses around tickets that only their screens link to. */
export const ticketPaths = {
  findOrder: () => '/find-order',
  link: (token: string) => `/l/${token}`,
  walletOf: (orderCode: string) => `/tickets?order=${encodeURIComponent(orderCode)}`,
  ticketPdf: (ticketId: string) => `/tickets/${ticketId}.pdf`,
  orderPdf: (orderId: string) => `/orders/${orderId}/tickets.pdf`,
  receipt: (orderId: string) => `/orders/${orderId}/receipt.pdf`,
  map: (place: string) => `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`,
  paymentReturn: (checkoutId: string) => `/orders/${checkoutId}/return`,
} as const;

import 'i18next';
import type account from './en/account.json';
import type admin from './en/admin.json';
import type checkout from './en/checkout.json';
import type common from './en/common.json';
import type demo from './en/demo.json';
import type discover from './en/discover.json';
import type event from './en/event.json';
import type feed from './en/feed.json';
import type legal from './en/legal.json';
import type organizer from './en/organizer.json';
import type security from './en/security.json';
import type waitingRoom from './en/waiting-room.json';
import type wallet from './en/wallet.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      account: typeof account;
      admin: typeof admin;
      checkout: typeof checkout;
      common: typeof common;
      demo: typeof demo;
      discover: typeof discover;
      event: typeof event;
      feed: typeof feed;
      legal: typeof legal;
      organizer: typeof organizer;
      security: typeof security;
      waitingRoom: typeof waitingRoom;
      wallet: typeof wallet;
    };
  }
}

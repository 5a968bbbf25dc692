import { keepLive } from './live-page.ts';

for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe.mail')) {
  const fit = () => {
    const height = frame.contentDocument?.documentElement?.scrollHeight;
    if (height) frame.style.height = `${height}px`;
  };
  frame.addEventListener('load', fit);
  fit();
}

if (document.querySelector('[data-live]')) keepLive(`${location.pathname.replace(/\/$/, '')}/live`);

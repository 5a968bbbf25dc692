import { expect, it } from 'vitest';
import { sizeToSend } from './shrink-picture.ts';

it('a photo is sent as large as we keep it, and no larger one is made of a small one', () => {
  expect(sizeToSend(8000, 6000, 'photo')).toEqual({ width: 2000, height: 1500 });
  expect(sizeToSend(3000, 4000, 'photo')).toEqual({ width: 1500, height: 2000 });
  expect(sizeToSend(2000, 1200, 'photo')).toBeNull();
});

it('a cover keeps what its 4:5 is cut from: a panorama is not made too small', () => {
  expect(sizeToSend(8000, 6000, 'cover')).toEqual({ width: 2667, height: 2000 });
  expect(sizeToSend(6000, 1000, 'cover')).toBeNull();
});

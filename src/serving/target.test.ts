import { expect, test } from 'bun:test';
import { endpointOf, placeHere, placeOf } from './target.ts';

test.each([
  ['http://10.0.0.5:8000/metrics', '10.0.0.5:8000', '10.0.0.5:8000'],
  ['http://Box', 'box:80', 'box:80'],
  ['https://box', 'box:443', 'box:443'],
  ['http://localhost:8000', 'localhost:8000', '127.0.0.1:8000'],
  ['http://[::1]:8000', '[::1]:8000', '127.0.0.1:8000'],
  ['http://localhost.lan:8000', 'localhost.lan:8000', 'localhost.lan:8000'],
])('%s is the endpoint %s, at %s', (url, endpoint, place) => {
  expect([endpointOf({ url }), placeOf({ url })]).toEqual([endpoint, place]);
});

test.each([
  ['http://box:8000', '127.0.0.1:8000'],
  ['http://10.0.0.5:8000', '127.0.0.1:8000'],
  ['http://[fd00::5]:8000', '127.0.0.1:8000'],
  ['http://10.0.0.50:8000', '10.0.0.50:8000'],
])('%s is at %s for who listens everywhere', (url, place) => {
  expect(placeHere({ url }, new Set(['box', '10.0.0.5', '[fd00::5]']))).toBe(place);
});

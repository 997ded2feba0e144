import { expect, test } from 'bun:test';
import { armDesign, armDesignOf } from './arm-parts.ts';

test('armDesignOf() takes a MIDR register apart', () => {
  expect(armDesignOf(0x410fd851)).toEqual({ vendor: 'ARM', part: '0xd85', model: 'Cortex-X925' });
  expect(armDesignOf(0x410fd871)).toEqual({ vendor: 'ARM', part: '0xd87', model: 'Cortex-A725' });
  expect(armDesignOf(0xc00fac30).vendor).toBe('Ampere');
});

test('armDesign() says the number where it knows no name', () => {
  expect(armDesign(0x41, 0x7)).toEqual({ vendor: 'ARM', part: '0x007', model: '' });
  expect(armDesign(0x99, 0xd85)).toEqual({ vendor: '0x99', part: '0xd85', model: '' });
});

export { type Guard, UNGUARDED } from '../board/guard.ts';

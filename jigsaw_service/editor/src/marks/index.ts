/** Marks: what blocks and code say of each other, loaded when the person first points at either. */
export { CodeLink } from './codeLink';

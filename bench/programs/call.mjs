/** @param {{ readonly x: number }} inputs */
const call = ({ x }) => x;

// What piscina asks of a file.
// eslint-disable-next-line import-x/no-default-export
export default call;

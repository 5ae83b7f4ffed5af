/** Stands in for the generators nobody asks for; see the alias in vite.config.ts. */
export const Order = {};

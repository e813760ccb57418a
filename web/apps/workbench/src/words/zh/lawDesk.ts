export const lawDesk = {} as const;

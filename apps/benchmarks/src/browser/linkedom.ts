// What draws plots in Node asks linkedom for a document. The page has one.
export const parseHTML = (): { document: Document } => ({ document });

import config from "./playwright.config.ts";

// The pictures of the user guide, taken of the real page: npx playwright test -c pictures.config.ts
export default { ...config, testMatch: "pictures.ts" };

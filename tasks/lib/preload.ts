// Loaded before the tests: the same backends, and the same silence of the Vulkan loader, as in the commands.

import { prepareEnvironment } from "./adapter.ts";

prepareEnvironment();

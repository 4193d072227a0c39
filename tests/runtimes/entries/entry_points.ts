/** The entry points that an agent imports. */

export * from "@teespan/teespan";
export { agentTelemetry } from "@teespan/teespan/hono";
export { workersAiBinding } from "@teespan/teespan/providers";

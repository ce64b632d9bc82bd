"""Where joules come from: a sensor read through Zeus, else the CPU-time model."""

using NativeNN.Bench;

return CommandLineProgram.Run(args);

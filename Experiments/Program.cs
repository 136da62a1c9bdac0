using NativeNN.Experiments.Cli;

return CommandLineProgram.Run(args);

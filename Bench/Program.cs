Console.WriteLine("NativeNN.Bench");

Console.WriteLine("NativeNN");

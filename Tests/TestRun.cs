using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NativeNN.Tests;

/// <summary>
/// Runs tests of this assembly in this process, one after the other: where no test host can start, on an emulated CPU
/// (Tests/check-arm64.sh).
/// </summary>
internal static class TestRun
{
    /// <summary>Runs the tests whose class and method contain one of the words, or all; the exit code is 0 if none failed.</summary>
    public static int Run(string[] words)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var messages = new Messages();
        using var framework = new XunitTestFramework(messages);
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, messages, new Options());
        messages.Wait();
        var chosen = messages.Cases.Where(test => words.Length == 0 || words.Any(NameOf(test).Contains)).ToList();
        foreach (string word in words.Where(word => !chosen.Any(test => NameOf(test).Contains(word))))
            messages.Fail(word, "no test has this word in its name");

        using var executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests(chosen, messages, new Options());
        messages.Wait();
        Console.WriteLine($"{messages.Passed} passed, {messages.Failed} failed, {messages.Skipped} skipped");
        return messages.Failed == 0 && messages.Passed > 0 ? 0 : 1;
    }

    private static string NameOf(ITestCase test) => $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}";

    // What xunit says: the cases it finds, then each result.
    private sealed class Messages : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        private readonly AutoResetEvent done = new(initialState: false);

        public List<ITestCase> Cases { get; } = [];

        public int Passed { get; private set; }

        public int Failed { get; private set; }

        public int Skipped { get; private set; }

        public bool OnMessage(IMessageSinkMessage message)
        {
            lock (Cases)
                switch (message)
                {
                    case ITestCaseDiscoveryMessage found:
                        Cases.Add(found.TestCase);
                        break;
                    case ITestPassed:
                        Passed++;
                        break;
                    case ITestSkipped skipped:
                        Skipped++;
                        Console.WriteLine($"skipped {skipped.Test.DisplayName}: {skipped.Reason}");
                        break;
                    case ITestFailed failed:
                        Fail(failed.Test.DisplayName, $"{failed.Messages[0]}\n{failed.StackTraces[0]}");
                        break;
                    case IErrorMessage error:
                        Fail("the run", $"{error.Messages[0]}\n{error.StackTraces[0]}");
                        break;
                    case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                        done.Set();
                        break;
                }
            return true;
        }

        public void Fail(string what, string why)
        {
            Failed++;
            Console.WriteLine($"FAILED {what}: {why}");
        }

        public void Wait() => done.WaitOne();

        public void Dispose() => done.Dispose();
    }

    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> values = new()
        {
            ["xunit.execution.DisableParallelization"] = true,
            ["xunit.discovery.PreEnumerateTheories"] = true,
        };

        public TValue GetValue<TValue>(string name) =>
            values.TryGetValue(name, out object? value) && value is TValue found ? found : default!;

        public void SetValue<TValue>(string name, TValue value) => values[name] = value;
    }
}

// ggml: the step as its own training API (ggml-opt) runs it, graph allocated once, on images of random grey values. Build it beside a built
// ggml, and name it to Bench:
//   c++ -O2 Bench/Peers/ggml_step.cpp -I GGML/include -L GGML/build/src -lggml -lggml-cpu -lggml-base -fopenmp -o ggml_step
//   dotnet run -c Release --project Bench -- peers --ggml ./ggml_step
// Arguments: widths, batch, sgd or adam, learning rate, threads, images.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <vector>
#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "ggml-opt.h"
#include "ggml.h"

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static ggml_opt_optimizer_params optimizer_params(void * learning_rate) {
    auto params = ggml_opt_get_default_optimizer_params(nullptr);
    params.adamw.alpha = params.sgd.alpha = *(float *) learning_rate;
    params.adamw.wd = params.sgd.wd = 0;
    return params;
}

int main(int argc, char ** argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: ggml_step WIDTHS BATCH sgd|adam LEARNING_RATE THREADS IMAGES\n");
        return 2;
    }
    std::vector<int> widths;
    std::stringstream list(argv[1]);
    for (std::string width; std::getline(list, width, ',');) widths.push_back(std::stoi(width));
    const int batch = atoi(argv[2]), batches = atoi(argv[6]) / batch, images = batches * batch, classes = widths.back();
    const bool sgd = std::string(argv[3]) == "sgd";
    float learning_rate = atof(argv[4]);
    std::mt19937 random(42);

    ggml_backend_t cpu = ggml_backend_cpu_init();
    ggml_backend_cpu_set_n_threads(cpu, atoi(argv[5]));
    ggml_backend_sched_t sched = ggml_backend_sched_new(&cpu, nullptr, 1, GGML_DEFAULT_GRAPH_SIZE, false, true);
    ggml_context * params = ggml_init({64 * ggml_tensor_overhead(), nullptr, true});
    ggml_context * compute = ggml_init({GGML_DEFAULT_GRAPH_SIZE * ggml_tensor_overhead() + 3 * ggml_graph_overhead(), nullptr, true});
    ggml_tensor * x = ggml_new_tensor_2d(params, GGML_TYPE_F32, widths[0], batch);
    ggml_set_input(x);

    std::vector<ggml_tensor *> parameters;
    std::vector<float> bounds;
    ggml_tensor * h = x;
    for (size_t i = 0; i + 1 < widths.size(); i++) {
        ggml_tensor * w = ggml_new_tensor_2d(params, GGML_TYPE_F32, widths[i], widths[i + 1]);
        ggml_tensor * b = ggml_new_tensor_1d(params, GGML_TYPE_F32, widths[i + 1]);
        for (ggml_tensor * p : {w, b}) {
            ggml_set_param(p);
            parameters.push_back(p);
            bounds.push_back(1 / std::sqrt((float) widths[i]));
        }
        h = ggml_add(compute, ggml_mul_mat(compute, w, h), b);
        if (i + 2 < widths.size()) h = ggml_relu(compute, h);
    }
    ggml_set_output(h);
    ggml_backend_buffer_t weights = ggml_backend_alloc_ctx_tensors(params, cpu);
    for (size_t i = 0; i < parameters.size(); i++) {
        std::uniform_real_distribution<float> uniform(-bounds[i], bounds[i]);
        for (int64_t e = 0; e < ggml_nelements(parameters[i]); e++) ((float *) parameters[i]->data)[e] = uniform(random);
    }

    ggml_opt_dataset_t data = ggml_opt_dataset_init(GGML_TYPE_F32, GGML_TYPE_F32, widths[0], classes, images, 1);
    float * pixels = ggml_get_data_f32(ggml_opt_dataset_data(data));
    float * labels = ggml_get_data_f32(ggml_opt_dataset_labels(data));
    for (int64_t i = 0; i < (int64_t) images * widths[0]; i++) pixels[i] = (random() & 255) / 255.0f;
    std::fill(labels, labels + (int64_t) images * classes, 0.0f);
    for (int i = 0; i < images; i++) labels[(int64_t) i * classes + random() % classes] = 1;

    ggml_opt_params options = ggml_opt_default_params(sched, GGML_OPT_LOSS_TYPE_CROSS_ENTROPY);
    options.ctx_compute = compute;
    options.inputs = x;
    options.outputs = h;
    options.optimizer = sgd ? GGML_OPT_OPTIMIZER_TYPE_SGD : GGML_OPT_OPTIMIZER_TYPE_ADAMW;
    options.get_opt_pars = optimizer_params;
    options.get_opt_pars_ud = &learning_rate;
    ggml_opt_context_t context = ggml_opt_init(options);
    ggml_opt_result_t result = ggml_opt_result_init();

    std::vector<double> samples;
    const double begin = now();
    for (int step = 0; step < 100 || (now() - begin < 4 && samples.size() < 10000); step++) {
        const double start = now();
        if (step % batches == 0) ggml_opt_dataset_shuffle(context, data, -1);
        ggml_opt_alloc(context, true);
        ggml_opt_dataset_get_batch(data, ggml_opt_inputs(context), ggml_opt_labels(context), step % batches);
        ggml_opt_eval(context, result);
        if (step >= 50) samples.push_back(now() - start); // the first ones warm up
    }
    std::sort(samples.begin(), samples.end());
    printf("{\"microseconds\": %.2f, \"blas\": \"ggml's own\"}\n", samples[samples.size() / 2] * 1e6);

    ggml_opt_result_free(result);
    ggml_opt_free(context);
    ggml_opt_dataset_free(data);
    ggml_backend_buffer_free(weights);
    ggml_free(compute);
    ggml_free(params);
    ggml_backend_sched_free(sched);
    ggml_backend_free(cpu);
}

import sys,os,json
sys.path.insert(0,os.path.dirname(__file__)); from goldlib import *
import torch.nn.functional as F
cfg=json.load(open(sys.argv[1])); out=sys.argv[2]; torch.set_num_threads(1)
# ---- optimisers: 200 steps with given gradients, the parameters' bits at some of them --------------------------------------------------
N=1003; CHECK=(1,2,10,50,100,200)
unit=torch.tensor([0. if i%17==3 else float(10.**-(i%5)) for i in range(N)])
class Adam2(torch.optim.Optimizer):
    """Adam and AdamW in the form of torch 2.x (torch/optim/adam.py, _single_tensor_adam): exp_avg.lerp_ is what differs from 1.13"""
    def __init__(self,p,lr=1e-3,betas=(.9,.999),eps=1e-8,weight_decay=0,decoupled=False):
        super().__init__(p,dict(lr=lr,betas=betas,eps=eps,weight_decay=weight_decay,decoupled=decoupled,lerp=True))
    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g['params']:
                s=self.state[p]
                if not s: s.update(step=0,exp_avg=torch.zeros_like(p),exp_avg_sq=torch.zeros_like(p))
                s['step']+=1; (b1,b2),d=g['betas'],p.grad
                if g['decoupled']: p.mul_(1-g['lr']*g['weight_decay'])
                elif g['weight_decay']: d=d.add(p,alpha=g['weight_decay'])
                s['exp_avg'].lerp_(d,1-b1); s['exp_avg_sq'].mul_(b2).addcmul_(d,d,value=1-b2)
                denom=(s['exp_avg_sq'].sqrt()/(1-b2**s['step'])**.5).add_(g['eps'])
                p.addcdiv_(s['exp_avg'],denom,value=-(g['lr']/(1-b1**s['step'])))
oc=[]
KEYS=('lr','momentum','dampening','weight_decay','nesterov','betas','eps','amsgrad','alpha','centered','lr_decay','lerp')
def opt(name,mk,**attrs):
    seed=cfg['ops_seed']+len(oc); torch.manual_seed(seed)
    w=torch.randn(N).requires_grad_(); o=mk([w],**attrs); c={'optimizer':name,'attrs':{k:o.defaults[k] for k in KEYS if k in o.defaults},'n':N,'seed':seed,'steps':{}}
    for k in range(1,CHECK[-1]+1):
        w.grad=torch.randn(N)*unit; o.step()
        if k in CHECK: c['steps'][k]=summ(w,first=8,last=0)
    st=o.state[w]
    c['state']={k:sha(v) for k,v in st.items() if isinstance(v,torch.Tensor) and v.dim()>0}
    oc.append(c)
O=torch.optim
for a in (dict(lr=.1),dict(lr=.1,weight_decay=.05),dict(lr=.1,momentum=.9),dict(lr=.1,momentum=.9,dampening=.3),dict(lr=.1,momentum=.9,nesterov=True),
          dict(lr=.1,momentum=.9,nesterov=True,weight_decay=.01),dict(lr=.03,momentum=.95,dampening=.1,weight_decay=.02)): opt('SGD',O.SGD,**a)
for a in (dict(lr=.001),dict(lr=.05,betas=(.8,.99),eps=1e-6,weight_decay=.01),dict(lr=.05,amsgrad=True)): opt('Adam',O.Adam,**a)
for a in (dict(lr=.05,weight_decay=.01),dict(lr=.05,weight_decay=.3,amsgrad=True)): opt('AdamW',O.AdamW,**a)
for a in (dict(lr=.01),dict(lr=.02,alpha=.9,weight_decay=.01),dict(lr=.01,momentum=.9),dict(lr=.01,centered=True),dict(lr=.02,alpha=.9,momentum=.9,centered=True,weight_decay=.01)): opt('RMSprop',O.RMSprop,**a)
for a in (dict(lr=.01),dict(lr=.1,lr_decay=.01,weight_decay=.02)): opt('Adagrad',O.Adagrad,**a)
for a in (dict(lr=.001),dict(lr=.05,betas=(.4,.99),eps=1e-6)): opt('Adam',Adam2,**a)
opt('AdamW',lambda p,**a:Adam2(p,decoupled=True,**a),lr=.05,weight_decay=.01)
dump({'format':'optim-bits-v1','env':ENV,'note':'torch.manual_seed(seed); w = randn(n); each step: w.grad = randn(n) * unit, unit[i] = 0 where i % 17 == 3, else 10^-(i % 5); sha256_le of w after the steps named, of the state after the last. lerp: the form of torch 2.x, made of this torch\'s operations','cases':oc},out+'/optim_bits.json')
# ---- ops: special values, bit by bit ---------------------------------------------------------------------------------------------------
inf,nan=float('inf'),float('nan'); cases=[]
S=[0.,-0.,1e-45,-1e-45,1e-39,-1e-39,1e-20,-1e-20,1e-8,-1e-8,3e-4,-3e-4,.1,-.1,.5,-.5,.99999994,-.99999994,1.,-1.,2.5,-2.5,8.,-8.,10.,-10.,16.,-16.,19.5,-19.5,20.,-20.,20.5,-20.5,50.,-50.,
   87.25,-87.25,88.5,-88.5,89.,-89.,104.,-104.,1e4,-1e4,3.4e38,-3.4e38,inf,-inf,nan]
S=S+[1.]*(-len(S)%16)  # whole vectors: torch takes another function for what is left over
def case(op,x,fn,grad=None,ulps=(0,0),note=None,**attrs):
    """ulps: how far forward and gradient may be off; 0: bit for bit (any NaN is a NaN)"""
    x=torch.tensor(x,dtype=torch.float32).requires_grad_(); y=fn(x); (grad or fn)(x).backward(torch.ones_like(y))
    c={'op':op,'attrs':attrs,'x':ten(x),'out':ten(y),'grad':arr(x.grad),'ulps':list(ulps)}
    if note: c['note']=note
    cases.append(c)
case('relu',S,torch.relu); case('leaky_relu',S,lambda x:F.leaky_relu(x,.01),negative_slope=.01); case('abs',S,torch.abs)
case('square',S,torch.square); case('exp',S,torch.exp); case('sigmoid',S,torch.sigmoid); case('sqrt',S,torch.sqrt)
case('tanh',S,torch.tanh,ulps=(1,2),note='the gradient is 1 - y*y: an ulp of y may be two of it')
for a in (1.,.3): case('elu',[1. if v!=v else v for v in S],lambda x:torch.where(x>0,x,a*torch.expm1(x)),grad=lambda x:F.elu(x,a),ulps=(2,1),alpha=a,note='forward by expm1, which keeps the digits next to 0')
case('elu',[nan],F.elu,alpha=1.,note='a single number: within whole vectors torch 1.13 has a gradient of NaN'); case('softplus',S,F.softplus,ulps=(2,0))
def bce(x,t): return (1-t)*x-F.logsigmoid(x)
for t in (1.,.9,.5,0.):
    case('bce_with_logits',S,lambda x:bce(x,torch.full_like(x,t)),grad=lambda x:F.binary_cross_entropy_with_logits(x,torch.full_like(x,t),reduction='none'),ulps=(2,0),target=t,
        note="forward in the form of torch 2.x, (1-t)x - logsigmoid(x); 1.13's loses digits where x > 8")
for c in (3.,1e-39,0.,-7.,inf): case('div_scalar',[5.,0.,-0.,1.,1e38,1e-38,inf,nan],lambda x:x/c,divisor=num(c))
for dim in (0,1,None): case('mean',[[1.,2.],[2.,5.],[2.,inf]],lambda x:x.mean() if dim is None else x.mean(dim),dim=dim)
for x in ([1.,2.,2.],[2.,2.,2.],[-inf,inf,inf],[1.,nan,2.,nan],[3.],[0.,0.]): case('max_all',x,torch.max)
for x in ([[inf,0.]],[[-inf,-inf]],[[inf,inf]],[[inf,-inf]],[[-inf,0.]],[[nan,0.]],[[3.4e38,3.4e38]],[[-3.4e38,1.]],[[1000.,1000.],[-1000.,-1000.]],np.zeros((1,1000),f32).tolist(),[[1.,2.,3.]]):
    case('logsumexp',x,lambda x:x.logsumexp(1),ulps=(1,0))
dump({'format':'ops-bits-v1','env':ENV,'note':'forward and gradient (of the sum of the outputs) at special values; ulps = [forward, gradient]: how far off is agreed, 0 means bit for bit','cases':cases},out+'/ops_bits.json')

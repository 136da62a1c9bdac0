import sys,os,json,math
sys.path.insert(0,os.path.dirname(__file__)); from goldlib import *
import torch.nn as nn,torch.nn.functional as F
cfg=json.load(open(sys.argv[1])); out=sys.argv[2]; torch.set_num_threads(1)
rs=np.random.RandomState(cfg['ops_seed']+1); cases=[]
def R(*s,scale=1.): return (rs.standard_normal(s)*scale).astype(f32)
def P(*s): return (np.abs(R(*s))+f32(.2)).astype(f32)
def case(name,inputs,fn,attrs=None,labels=None):
    """as gen_ops.case: fn(dict of tensors)->output; float32 and float64 results and gradients for a stored upstream gradient"""
    c={'op':name,'attrs':attrs or {},'inputs':{k:ten(v) for k,v in inputs.items()}}
    if labels is not None: c['labels']=arr(np.asarray(labels))
    go=None
    for dt,key in ((torch.float32,'f32'),(torch.float64,'f64')):
        t={k:torch.tensor(v).to(dt).requires_grad_() for k,v in inputs.items()}
        if labels is not None: t['labels']=torch.tensor(np.asarray(labels))
        y=fn(t)
        if go is None: go=np.ones((),f32) if y.dim()==0 else R(*y.shape); c['grad_output']=ten(go)
        c['out_'+key]=ten(y)
        gs=torch.autograd.grad(y,[t[k] for k in inputs],torch.tensor(go).to(dt),allow_unused=True)
        c['grads_'+key]={k:(ten(g) if g is not None else None) for k,g in zip(inputs,gs)}
    cases.append(c)
# elementwise
case('log',dict(x=P(4,6)),lambda t:t['x'].log())
case('log',dict(x=np.array([[1e-40,1.2e-38,1e-3,1.,3e38,np.inf]],f32)),lambda t:t['x'].log())
for p in (1.7,-.4,.5,3.,-2.,5.): case('pow',dict(x=P(4,6)),lambda t:t['x'].pow(p),{'exponent':p})
for p in (0.,3.,-3.): case('pow',dict(x=np.array([[-2.5,-1.,.5,2.]],f32)),lambda t:t['x'].pow(p),{'exponent':p})
case('pow',dict(x=np.array([[0.,1.]],f32)),lambda t:t['x'].pow(1.5),{'exponent':1.5})
case('clamp',dict(x=np.array([[-2.,-.5,0.,.5,.75,2.,np.inf,-np.inf]],f32)),lambda t:t['x'].clamp(-.5,.75),{'low':-.5,'high':.75})
case('clamp',dict(x=np.array([[-2.,0.,2.]],f32)),lambda t:t['x'].clamp(1.,-1.),{'low':1.,'high':-1.})
case('silu',dict(x=R(4,6,scale=3.)),lambda t:F.silu(t['x']))
for nm,fn in (('add_scalar',lambda t:1.5+(t['x']+2.)),('sub_scalar',lambda t:1.5-(t['x']-2.)),('div_scalar',lambda t:2./t['x']),('negative',lambda t:-t['x'])): case(nm,dict(x=P(3,5)),fn)
case('where',dict(c=np.array([[1.,0.,2.],[0.,-1.,0.]],f32),a=R(2,3),b=R(3)),lambda t:torch.where(t['c'].detach()!=0,t['a'],t['b']))
case('greater',dict(a=R(4,3),b=R(4,1)),lambda t:torch.where(t['a']>t['b'],t['a'],t['b']))
# reductions
for un in (True,False):
    for d in (None,0,1):
        at={'unbiased':un,'dim':2 if d is None else d}
        case('var',dict(x=R(5,4,scale=2.)),lambda t:t['x'].var(unbiased=un) if d is None else t['x'].var(d,unbiased=un),at)
        case('std',dict(x=R(5,4,scale=2.)),lambda t:t['x'].std(unbiased=un) if d is None else t['x'].std(d,unbiased=un),at)
case('std',dict(x=np.array([[1.,2.],[1.,3.],[1.,5.]],f32)),lambda t:t['x'].std(0),{'unbiased':True,'dim':0})
case('min',dict(x=R(3,5)),lambda t:t['x'].min(1).values)
# shapes
case('cat',dict(a=R(2,3),b=R(4,3)),lambda t:torch.cat([t['a'],t['b'],t['a']],0),{'dim':0})
case('cat',dict(a=R(3,2),b=R(3,4)),lambda t:torch.cat([t['a'],t['b'],t['a']],1),{'dim':1})
case('cat',dict(a=R(3),b=R(2)),lambda t:torch.cat([t['a'],t['b'],t['a']],0),{'dim':0})
case('rows',dict(x=R(6,3)),lambda t:t['x'][2:5]*t['x'][3:])
case('columns',dict(x=R(3,6)),lambda t:t['x'][:,1:-2])
for sa,sb in (((3,1),(4,)),((3,),(2,1)),((1,4),(3,1)),((),(2,3)),((1,),(2,3)),((1,1),(4,)),((1,),()),((2,3),(1,1))):
    case('broadcast',dict(a=R(*sa),b=P(*sb)),lambda t:(t['a']+t['b'])*(t['a']-t['b'])/t['b'])
# losses
for red in ('mean','sum','none'):
    case('l1',dict(x=R(3,5),y=R(3,5)),lambda t:F.l1_loss(t['x'],t['y'],reduction=red),{'reduction':red})
    for beta in (1.,.3,0.): case('smooth_l1',dict(x=R(3,5,scale=1.5),y=R(3,5)),lambda t:F.smooth_l1_loss(t['x'],t['y'],beta=beta,reduction=red),{'reduction':red,'beta':beta})
    case('kl_div',dict(x=np.log(rs.dirichlet(np.ones(5),4)).astype(f32),y=rs.dirichlet(np.ones(5),4).astype(f32)),lambda t:F.kl_div(t['x'],t['y'],reduction=red),{'reduction':red,'log_target':False})
    case('kl_div',dict(x=np.log(rs.dirichlet(np.ones(5),4)).astype(f32),y=np.log(rs.dirichlet(np.ones(5),4)).astype(f32)),lambda t:F.kl_div(t['x'],t['y'],reduction=red,log_target=True),{'reduction':red,'log_target':True})
    w=P(5); case('nll_weighted',dict(x=np.log(rs.dirichlet(np.ones(5),6)).astype(f32)),lambda t:F.nll_loss(t['x'],t['labels'],weight=torch.tensor(w).to(t['x'].dtype),reduction=red),{'reduction':red,'weight':arr(w)},labels=[0,4,-100,2,2,1])
    wb,pb=P(4),P(4)
    for ws,ps in ((wb,None),(None,pb),(wb,pb)):
        tt=lambda a,t:None if a is None else torch.tensor(a).to(t['x'].dtype)
        case('bce_weighted',dict(x=R(3,4,scale=4.),y=rs.random_sample((3,4)).astype(f32)),lambda t:F.binary_cross_entropy_with_logits(t['x'],t['y'],weight=tt(ws,t),pos_weight=tt(ps,t),reduction=red),{'reduction':red,'weight':None if ws is None else arr(ws),'pos_weight':None if ps is None else arr(ps)})
# normalisation
case('layer_norm',dict(x=R(4,6,scale=2.),w=R(6),b=R(6)),lambda t:F.layer_norm(t['x'],(6,),t['w'],t['b']),{'eps':1e-5})
case('layer_norm',dict(x=R(6)),lambda t:F.layer_norm(t['x'],(6,),eps=1e-3),{'eps':1e-3})
def batchnorm(momentum,eps,affine):
    """three batches in training, then one in evaluation: outputs, gradients, buffers after each"""
    X=[R(n,3,scale=2.)+f32(1) for n in (5,2,8,4)]; G=[R(*x.shape) for x in X]; w,b=P(3),R(3); c={'momentum':momentum,'eps':eps,'affine':affine,'weight':arr(w),'bias':arr(b)}
    for dt,key in ((torch.float32,'f32'),(torch.float64,'f64')):
        bn=nn.BatchNorm1d(3,eps=eps,momentum=momentum,affine=affine).to(dt); steps=[]
        if affine: bn.weight.data=torch.tensor(w).to(dt); bn.bias.data=torch.tensor(b).to(dt)
        for k,(x,g) in enumerate(zip(X,G)):
            if k==3: bn.eval()
            bn.zero_grad(); t=torch.tensor(x).to(dt).requires_grad_(); y=bn(t); y.backward(torch.tensor(g).to(dt))
            steps.append({'x':ten(x),'grad':ten(g),'out':ten(y),'dx':ten(t.grad),'dweight':arr(bn.weight.grad) if affine else [],'dbias':arr(bn.bias.grad) if affine else [],'running_mean':arr(bn.running_mean),'running_var':arr(bn.running_var),'batches':int(bn.num_batches_tracked)})
        c['steps_'+key]=steps
    return c
norms=[batchnorm(.1,1e-5,True),batchnorm(.3,1e-2,False)]
# numbers and words
torch.manual_seed(cfg['ops_seed'])
made=[{'call':'rand','shape':[3,7],'data':arr(torch.rand(3,7))},{'call':'randn','shape':[5],'data':arr(torch.randn(5))},{'call':'randn','shape':[4,9],'data':arr(torch.randn(4,9))},
      {'call':'eye','shape':[3,5],'data':arr(torch.eye(3,5))}]
for a in ((0.,50.,1.),(0.,1.,.01),(-3.,7.,.3),(5.,-5.,-.7),(1e-3,.2,1e-3),(2.,2.,1.),(0.,1e6,12345.678)):
    y=torch.arange(*a); made.append({'call':'arange','args':list(a),'shape':list(y.shape),'data':arr(y)})
words=[repr(m) for m in (nn.GELU(),nn.ELU(),nn.ELU(.5),nn.Softplus(),nn.SiLU(),nn.Softmax(dim=1),nn.BatchNorm1d(4),nn.BatchNorm1d(4,eps=1e-3,momentum=.01,affine=False,track_running_stats=False),
    nn.LayerNorm(7),nn.LayerNorm(7,eps=1e-6,elementwise_affine=False),nn.ModuleList([nn.ReLU(),nn.Linear(2,3)]),nn.ModuleList(),
    nn.NLLLoss(),nn.CrossEntropyLoss(),nn.BCEWithLogitsLoss(),nn.MSELoss(),nn.L1Loss(),nn.SmoothL1Loss(),nn.KLDivLoss())]
dump({'format':'layers-v1','env':ENV,'note':'cases as in ops.json; suggested tolerance: |engine-f64| <= 2e-6*max(1,|f64|)','cases':cases,'batch_norms':norms,'made':made,'printed':words},out+'/layers.json')
